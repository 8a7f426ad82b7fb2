// XMLTests
