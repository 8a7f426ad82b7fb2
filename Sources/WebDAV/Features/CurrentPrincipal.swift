import HTTP
import XML

extension Feature {
    /// `DAV:current-user-principal` (RFC 5397).
    public static var currentPrincipal: Feature {
        Feature(properties: [
            .elements(.dav("current-user-principal")) { (_, context) throws(DAVError) in
                guard let user = context.user else { return [XMLElement(.dav("unauthenticated"))] }
                return [XMLElement(.href, text: context.href(of: user))]
            }
        ])
    }
}
