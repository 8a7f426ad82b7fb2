// CardDAVTests
