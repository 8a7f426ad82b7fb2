// WebDAVTests
