public import WebDAV
import XML

extension Feature {
    /// Calendars (RFC 4791).
    public static func calendarAccess(_ services: CalendarServices) -> Feature {
        let calendar = CollectionKind.calendar(services)
        return Feature(
            // RFC 6638 §2: promised only when it is done.
            // RFC 7809 §3.1.2: clients are told that they may leave definitions out when they are told where there are some.
            tokens: ["calendar-access"] + (services.timezoneService == nil ? [] : ["calendar-no-timezone"])
                + (services.scheduling == nil ? [] : ["calendar-auto-schedule"]),
            prefixes: [(namespace: .calDAV, prefix: "C"), (namespace: .iCal, prefix: "ICAL")],
            methods: [.mkCalendar(calendar)],
            properties: LiveProperty.calendarProperties(services) + LiveProperty.calendarLimits(services)
                + LiveProperty.principalProperties(services) + LiveProperty.subscriptionProperties + [
                    .calendarData(services), .scheduleTag(services), .timezoneServiceSet(services),
                ],
            reports: [
                .calendarQuery(services), .calendarMultiget(services), .freeBusyQuery(services),
                .calendarServerPrincipalSearch,
            ],
            kinds: [
                calendar, .scheduleInbox(services), .scheduleOutbox(services), .subscription,
            ],
            privileges: SupportedPrivilege.calendarPrivileges,
            searchable: [
                (.calDAV("calendar-user-address-set"), "Address"), (.calDAV("calendar-user-type"), "Type"),
            ])
    }
}
