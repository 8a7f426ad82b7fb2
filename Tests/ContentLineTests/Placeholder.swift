// ContentLineTests
