internal import Gateway
internal import Glibc
internal import HTTP

// The options of a worker that matter here; the others are passed over.
var options = GatewayOptions(wire: .fastCGI)
var maxBodyBytes = 32 << 20
for argument in CommandLine.arguments.dropFirst() {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    let value = parts.count > 1 ? parts[1] : ""
    switch parts[0] {
    case "--protocol": options.wire = GatewayProtocol(rawValue: value) ?? .fastCGI
    case "--max-requests-per-worker": options.maxRequests = Int(value)
    case "--peer-timeout": options.peerTimeoutSeconds = Int(value) ?? 60
    case "--request-timeout": options.requestTimeoutSeconds = Int(value) ?? 60
    case "--max-body-bytes": maxBodyBytes = Int(value) ?? maxBodyBytes
    // A directory that tells the worker how to fail.
    case "--directory" where value == "/refuse": exit(64)
    case "--directory" where value == "/crash": abort()
    default: break
    }
}
let log = ListenerLog { exchange in
    let status = exchange.status.map { String($0.code) } ?? "-"
    let method = exchange.request?.method.description ?? "-"
    let problem = exchange.problem.map { " (\($0))" } ?? ""
    let line =
        "\(method) \(exchange.request?.target ?? "-") \(status) \(exchange.bodyBytes) \(exchange.outcome)\(problem)\n"
    StandardError.write(Array(line.utf8))
} stalled: { request in
    Array("stalled \(request.target)\n".utf8)
}
let listener = try Listener(options: options, log: log)
_ = try listener.run(EchoResponder(maxBodyBytes: maxBodyBytes))
