import HTTP

/// How clients find the server from the host name alone (RFC 6764 §5).
enum Discovery {
    /// Where to go from a URL outside of the tree, nil for any other.
    ///
    /// The target is path-absolute: only the web server in front knows scheme, host and port as the client sees them.
    static func redirect(_ path: Path, prefix: Path) -> Response? {
        let isWellKnown =
            path.segments.count == 2 && path.segments[0] == ".well-known"
            && (path.segments[1] == "caldav" || path.segments[1] == "carddav")
        // Who types the host name alone means the server.
        let isSite = path.segments.isEmpty && !prefix.segments.isEmpty
        guard isWellKnown || isSite else { return nil }
        let root = Path(segments: prefix.segments, endsInSlash: true)
        return Response(
            .movedPermanently, fields: ["Location": root.description, "Cache-Control": "no-cache"],
            body: .bytes([]))
    }
}
