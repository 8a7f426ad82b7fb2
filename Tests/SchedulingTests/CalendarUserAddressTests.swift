import Testing

@testable import Scheduling

@Suite("Calendar user addresses, RFC 5545 §3.3.3") struct CalendarUserAddressTests {
    @Test(arguments: [
        ("mailto:bob@example.com", "Mailto:Bob@Example.COM"), ("mailto:bob@example.com", "bob@example.com"),
        ("mailto:bob@example.com", " MAILTO:bob%40example.com?subject=Hi "),
        ("urn:uuid:1234-ab", "URN:UUID:1234-AB"), ("/bob/", "https://dav.example.com/bob"),
        ("/bob/", "/bob/"), ("/b b/", "http://h/b%20b/"),
    ])
    func `ways to write one address`(_ one: String, _ other: String) {
        #expect(CalendarUserAddress(one) == CalendarUserAddress(other))
    }

    @Test(arguments: [
        ("mailto:bob@example.com", "mailto:bob@example.org"), ("/bob/", "/Bob/"),
        ("mailto:bob@example.com", "urn:bob@example.com"),
    ])
    func `other addresses`(_ one: String, _ other: String) {
        #expect(CalendarUserAddress(one) != CalendarUserAddress(other))
    }

    @Test func `a stray percent sign stays`() {
        #expect(CalendarUserAddress("mailto:a%zz@b").mailAddress == "a%zz@b")
    }
}
