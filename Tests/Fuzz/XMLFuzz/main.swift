import FuzzDriver
import XML

// What is read can be written, and reads as the same again.
let limits = XMLLimits(bytes: 1 << 20, depth: 32, elements: 1000, attributes: 16)
let prefixes = [
    (namespace: Namespace.dav, prefix: "D"),
    (namespace: Namespace("urn:ietf:params:xml:ns:caldav"), prefix: "C"),
]

fuzz { bytes in
    guard let element = try? XMLReader.parse(bytes, limits: limits) else { return }
    var writer = XMLWriter(prefixes: prefixes)
    writer.element(element)
    let written = writer.take()
    do {
        let again = try XMLReader.parse(written)
        require(again == element, "read differently: \(String(decoding: written, as: UTF8.self))")
    } catch {
        require(false, "not read again, \(error): \(String(decoding: written, as: UTF8.self))")
    }
}
