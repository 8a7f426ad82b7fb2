public import CalDAV
public import CardDAV
public import WebDAV

extension FeatureSet {
    /// All that the server speaks: a standard is a line here, and a file of its own.
    public static func all(calendars: CalendarServices, addressbooks: AddressbookServices) -> FeatureSet {
        FeatureSet([
            .webDAV,
            .accessControl,
            .currentPrincipal,
            .addMember,
            .syncCollection,
            .expandProperty,
            .calendarAccess(calendars),
            .addressbook(addressbooks),
        ])
    }
}
