public import CalDAV
public import CardDAV
public import WebDAV

extension FeatureSet {
    /// All that the server speaks: a standard is a line here, and a file of its own.
    ///
    /// Nobody acts for another where there is one principal only.
    public static func all(
        calendars: CalendarServices, addressbooks: AddressbookServices, isMultiUser: Bool
    ) -> FeatureSet {
        FeatureSet(
            [
                .webDAV,
                .locks,
                .extendedMkCol,
                .quota,
                .accessControl,
                .principalReports,
                .currentPrincipal,
                .addMember,
                .syncCollection,
                .expandProperty,
                .versionHistory,
                .calendarAccess(calendars),
                .addressbook(addressbooks),
            ] + (isMultiUser ? [.calendarProxies] : []))
    }
}
