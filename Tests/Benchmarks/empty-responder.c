// The least that a FastCGI responder costs: libfcgi's own loop, which reads the request and answers with nothing.
//
// The listening socket is descriptor 0, as for a worker. SIGTERM ends it.
#include <fcgiapp.h>
#include <string.h>

int main(void) {
    FCGX_Request request;
    if (FCGX_Init() || FCGX_InitRequest(&request, 0, 0)) return 70;
    while (FCGX_Accept_r(&request) == 0) {
        char bytes[65536];
        while (FCGX_GetStr(bytes, sizeof bytes, request.in) == sizeof bytes) continue;
        const char *method = FCGX_GetParam("REQUEST_METHOD", request.envp);
        int isReport = method && strcmp(method, "GET") != 0;
        FCGX_PutS(isReport ? "Status: 204 No Content\r\n\r\n" : "Status: 200 OK\r\nContent-Length: 0\r\n\r\n",
                  request.out);
        FCGX_Finish_r(&request);
    }
    return 0;
}
