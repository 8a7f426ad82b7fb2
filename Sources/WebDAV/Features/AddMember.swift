import HTTP
import Store
import XML

extension Feature {
    /// POST that adds a member (RFC 5995).
    public static var addMember: Feature {
        Feature(
            tokens: ["add-member"], methods: [.post],
            properties: [
                .hrefs(.dav("add-member")) { (resource, _) throws(DAVError) in
                    // RFC 5995 §3.2.
                    resource.isCollection && resource.container.storage == .collection ? [resource.href] : nil
                }
            ])
    }
}
