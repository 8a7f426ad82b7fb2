// CardDAV
