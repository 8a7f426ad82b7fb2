"""What the interoperability scripts share: the server, real web servers with the shipped files, a plain DAV client."""
