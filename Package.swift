// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: settings)
}

func cLibrary(_ name: String, pkgConfig: String?, package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

// In a release, what answers requests has Swift's own library in itself: calls of it are direct, of which each request
// has many. The other program has nothing to hurry for.
let workerLinking: [LinkerSetting] = [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]

func program(_ name: String, uses: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: uses, swiftSettings: settings,
        linkerSettings: name == "artemisios-worker" ? workerLinking : [])
}

func tests(_ name: String, uses: [Target.Dependency], resources: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: uses, exclude: resources, swiftSettings: settings)
}

let package = Package(
    name: "artemisios",
    products: [
        .executable(name: "artemisios", targets: ["artemisios"]),
        .executable(name: "artemisios-worker", targets: ["artemisios-worker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        // What a person types, and what answers requests.
        program(
            "artemisios",
            uses: [
                "Gateway", "GitStore", "HTTP", "IMIP", "LMTP", "MailQueue", "MailTransport", "Maintenance",
                "Server",
                "Store", "WebDAV", "WorkerPool", "XML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        program("artemisios-worker", uses: ["Server"]),

        // Wiring.
        module(
            "Server",
            uses: [
                "CalDAV", "CardDAV", "WebDAV", "ContentLine", "GitStore", "Gateway", "HTTP", "ICalendar",
                "Index", "MailQueue", "Scheduling", "Store", "XML",
            ]),

        // The protocols, and the processes that speak them.
        module(
            "CalDAV",
            uses: ["WebDAV", "HTTP", "Index", "Store", "XML", "Scheduling", "ICalendar", "ContentLine"]),
        module("CardDAV", uses: ["WebDAV", "HTTP", "Index", "Store", "XML", "VCard", "ContentLine"]),
        module("WebDAV", uses: ["HTTP", "Store", "XML"]),
        module("Maintenance", uses: ["GitStore", "ICalendar", "Store", "VCard"]),
        module("WorkerPool", uses: ["CLinux", "Spawn"]),
        module("Gateway", uses: ["CFCGI", "CLinux", "HTTP"]),
        module("GitStore", uses: ["CCrypto", "CLibgit2", "CZlib", "Spawn", "Store"]),
        module("Index", uses: ["CLinux", "CLMDB", "Store"]),
        module("XML", uses: ["CExpat"]),

        // Invitations by mail: what a worker leaves behind, and what takes it from there and back.
        module("MailQueue", uses: ["Store"]),
        module("MIME", uses: ["CGMime"]),
        module("MailTransport", uses: ["CCurl", "CLinux", "Spawn"]),
        module("IMIP", uses: ["MailQueue", "MailTransport", "MIME", "ICalendar", "ContentLine", "Store"]),
        module(
            "LMTP",
            uses: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),

        // Values: no I/O, no clock, no C.
        module("HTTP"),
        module("Store"),
        module("Scheduling", uses: ["ICalendar", "ContentLine"]),
        module("ICalendar", uses: ["ContentLine"]),
        module("VCard", uses: ["ContentLine"]),
        module("ContentLine"),

        // What the system is asked for in more than one module.
        module("Spawn", uses: ["CLinux"]),

        // C libraries.
        cLibrary("CFCGI", pkgConfig: "fcgi", package: "libfcgi-dev"),
        cLibrary("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
        cLibrary("CLibgit2", pkgConfig: "libgit2", package: "libgit2-dev"),
        cLibrary("CExpat", pkgConfig: "expat", package: "libexpat1-dev"),
        cLibrary("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
        cLibrary("CLMDB", pkgConfig: "lmdb", package: "liblmdb-dev"),
        cLibrary("CGMime", pkgConfig: "gmime-3.0", package: "libgmime-3.0-dev"),
        cLibrary("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
        cLibrary("CLinux", pkgConfig: nil, package: "libc6-dev"),

        // Tests.
        .executableTarget(
            name: "EchoWorker", dependencies: ["Gateway", "HTTP"], path: "Tests/EchoWorker",
            swiftSettings: settings),
        .executableTarget(
            name: "IndexWriter", dependencies: ["Index", "Store"], path: "Tests/IndexWriter",
            swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["Server", "GitStore", "Store", "HTTP", "XML"],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(name: "WireTestSupport", path: "Tests/WireTestSupport", swiftSettings: settings),
        tests("ArchitectureTests", uses: []),
        tests("HTTPTests", uses: ["HTTP"]),
        tests("StoreTests", uses: ["Store", "GitStore", "TestSupport"]),
        tests("GitStoreTests", uses: ["GitStore", "Store", "TestSupport"]),
        tests("MaintenanceTests", uses: ["Maintenance", "GitStore", "Store", "TestSupport"]),
        tests("ContentLineTests", uses: ["ContentLine"]),
        tests(
            "ICalendarTests", uses: ["ICalendar", "ContentLine", "WireTestSupport"],
            resources: ["Corpus", "Dateutil"]),
        tests(
            "SchedulingTests",
            uses: [
                "Scheduling", "CalDAV", "Server", "GitStore", "HTTP", "Store", "ICalendar", "ContentLine",
                "TestSupport",
            ],
            resources: ["Scenarios"]),
        tests("VCardTests", uses: ["VCard", "ContentLine"], resources: ["Corpus"]),
        tests("XMLTests", uses: ["XML"]),
        tests("MailQueueTests", uses: ["MailQueue", "GitStore", "Store", "TestSupport"]),
        tests("MIMETests", uses: ["MIME"], resources: ["Mails"]),
        tests("LMTPTests", uses: ["LMTP", "WorkerPool", "WireTestSupport"], resources: ["Dialogues"]),
        tests(
            "IMIPTests",
            uses: ["IMIP", "MIME", "MailQueue", "MailTransport", "GitStore", "Store", "TestSupport"],
            resources: ["Programs"]),
        tests("IndexTests", uses: ["Index", "IndexWriter", "Store", "TestSupport"]),
        tests("GatewayTests", uses: ["Gateway", "HTTP", "EchoWorker", "WireTestSupport"]),
        tests("WorkerPoolTests", uses: ["WorkerPool", "EchoWorker", "artemisios", "WireTestSupport"]),
        tests(
            "WebDAVTests", uses: ["WebDAV", "Server", "HTTP", "Store", "XML", "TestSupport"],
            resources: ["Exchanges"]),
        tests(
            "CalDAVTests",
            uses: [
                "CalDAV", "WebDAV", "Server", "HTTP", "Index", "Store", "XML", "ICalendar", "TestSupport",
                "WireTestSupport",
            ],
            resources: ["Exchanges", "Oracle"]),
        tests(
            "CardDAVTests",
            uses: [
                "CardDAV", "WebDAV", "Server", "GitStore", "HTTP", "Index", "Store", "XML", "VCard",
                "TestSupport",
            ],
            resources: ["Exchanges"]),
        tests(
            "ServerTests",
            uses: ["Server", "Gateway", "GitStore", "WebDAV", "HTTP", "Store", "XML", "TestSupport"],
            resources: ["Exchanges"]),
    ]
)

// Fuzzers need the flags of `.ci/fuzz`, without which they do not link.
if Context.environment["FUZZ"] == "1" {
    func fuzzer(_ name: String, uses: [Target.Dependency], inputs: [String] = ["Corpus"]) -> Target {
        .executableTarget(
            name: name, dependencies: ["FuzzDriver"] + uses, path: "Tests/Fuzz/\(name)", exclude: inputs,
            swiftSettings: settings)
    }
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .target(
            name: "FuzzDriver", dependencies: ["CFuzzer"], path: "Tests/Fuzz/FuzzDriver",
            swiftSettings: settings),
        fuzzer("XMLFuzz", uses: ["XML"]),
        fuzzer("ICalendarFuzz", uses: ["ICalendar", "ContentLine"], inputs: ["Corpus", "dictionary"]),
        fuzzer("VCardFuzz", uses: ["VCard", "ContentLine"], inputs: []),
        fuzzer("JSONFuzz", uses: ["ContentLine", "ICalendar", "VCard"], inputs: []),
        fuzzer("SCGIFuzz", uses: ["Gateway"]),
        fuzzer("MIMEFuzz", uses: ["IMIP", "MIME"]),
        fuzzer("LMTPFuzz", uses: ["LMTP"]),
        fuzzer("HTTPPathFuzz", uses: ["HTTP"]),
        fuzzer("IfHeaderFuzz", uses: ["HTTP"]),
        fuzzer("RequestFuzz", uses: ["Server", "HTTP", "XML"], inputs: ["dictionary"]),
    ]
}
