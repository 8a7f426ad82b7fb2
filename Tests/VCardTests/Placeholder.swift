// VCardTests
