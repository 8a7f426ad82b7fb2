// WebDAV
