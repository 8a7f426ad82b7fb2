// CalDAVTests
