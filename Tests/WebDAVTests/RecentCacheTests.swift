import Store
import Testing
import WebDAV

@Suite("What is remembered of objects") struct RecentCacheTests {
    private func version(_ number: Int) -> ItemVersion { ItemVersion("v\(number)") }

    @Test func `what is used stays, what is not is forgotten`() {
        let cache = RecentCache<Int>(capacity: 20)
        cache.insert(0, for: version(0), cost: 1)
        for number in 1...100 {
            cache.insert(number, for: version(number), cost: 1)
            #expect(cache[version(0)] == 0)
        }
        #expect(cache[version(100)] == 100)
        #expect(cache[version(50)] == nil)
    }

    @Test func `what is too large is not kept`() {
        let cache = RecentCache<Int>(capacity: 20)
        cache.insert(1, for: version(1), cost: 11)
        #expect(cache[version(1)] == nil)
        cache.insert(1, for: version(1), cost: 10)
        #expect(cache[version(1)] == 1)
    }
}
