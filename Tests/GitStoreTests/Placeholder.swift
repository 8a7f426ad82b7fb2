// GitStoreTests
