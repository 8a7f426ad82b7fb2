import FuzzDriver
import HTTP

// Requests that change nothing, asked of a calendar and an address book: none fails for a reason of the server's own, and
// every answer in XML is well-formed. An input is one request, or a file of them as in the tests' `Exchanges`.
let server = FuzzedServer()

fuzz { bytes in
    for request in requests(in: bytes) where request.method.isSafe { server.check(request) }
}
