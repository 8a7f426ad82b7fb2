import Store
import Testing

@Suite("Versions of items") struct VersionsTests {
    @Test(arguments: [
        "", "v1", "b12", "0123456789abcdef0123456789abcdef01234567",
        "0123456789ABCDEF0123456789abcdef01234567",
        "0123456789abcdef0123456789abcdef0123456", "ffffffffffffffffffffffffffffffffffffffff",
    ])
    func `a version has the text it was made of`(text: String) {
        let version = ItemVersion(text)
        #expect(version.description == text)
        var bytes: [UInt8] = [1]
        version.append(to: &bytes)
        #expect(bytes == [1] + Array(text.utf8))
    }

    @Test func `a version made of numbers equals the one made of their digits`() {
        let version = ItemVersion(digest: 0x0011_2233_4455_6677, 0x8899_aabb_ccdd_eeff, 0x0012_3456)
        #expect(version == ItemVersion("00112233445566778899aabbccddeeff00123456"))
        #expect(version != ItemVersion("00112233445566778899aabbccddeeff00123457"))
        #expect(MemoryLayout<ItemVersion>.stride <= 24)
    }
}
