import HTTP
import ICalendar
import Store
import WebDAV
import XML

extension LiveProperty {
    /// The object, or the parts of it that a report asks for (RFC 4791 §9.6); no property outside of reports.
    static func calendarData(_ services: CalendarServices) -> LiveProperty {
        LiveProperty(
            .calDAV("calendar-data"), inReportsOnly: true, attributes: CalendarDataRequest.answerAttributes
        ) { (question, writer) throws(DAVError) in
            let resource = question.resource
            guard let item = resource.item, resource.mediaType == "text/calendar" else { return false }
            let request = try services.calendarDataRequest(question.request)
            if request.isVerbatim, request.format == .text {
                let bytes = try services.textBytes(of: item, resource)
                writer.text(services.tailored(bytes, question.context) ?? bytes)
                return true
            }
            guard let object = services.storedObject(item, in: resource.container, question.context) else {
                throw DAVError(.internalServerError)
            }
            let zone = request.zone ?? services.floatingZone(of: resource.container)
            services.zones.defaultZone = zone
            if request.format == .text, let bytes = try request.expansion(of: object) {
                writer.text(bytes)
            } else {
                let calendar = try request.apply(to: object, zones: services.zones)
                writer.text(request.format.bytes(of: services.tailored(calendar, question.context)))
            }
            return true
        }
    }
}

extension CalendarServices {
    /// Reads `CALDAV:calendar-data` in `DAV:prop` of a report's body, so that a bad one fails the report at once;
    /// nil when it is not asked for.
    func calendarData(in body: XMLElement) throws(DAVError) -> CalendarDataRequest? {
        guard let element = body.first(.prop)?.first(.calDAV("calendar-data")) else { return nil }
        return try calendarDataRequest(element)
    }

    /// Reads a `CALDAV:calendar-data` element; the same one is asked for with each object of a report, and read once.
    func calendarDataRequest(_ element: XMLElement) throws(DAVError) -> CalendarDataRequest {
        if let (known, request) = lastCalendarData, known == element { return request }
        let request = try CalendarDataRequest(element, self)
        lastCalendarData = (element, request)
        return request
    }
}

extension CalendarDataRequest {
    /// The bytes of what is asked for, where that is an expansion that is written more quickly than made; else nil.
    ///
    /// - Throws: 403 `CALDAV:max-instances` when it has more instances than may be expanded.
    func expansion(of object: StoredCalendar) throws(DAVError) -> [UInt8]? {
        guard let range = expand, selection == nil, limitFreeBusySet == nil, let writer = object.expansion
        else { return nil }
        do {
            return try writer.bytes(in: range)
        } catch {
            throw .tooManyInstances
        }
    }

    /// What is asked for of an object.
    ///
    /// - Throws: 403 `CALDAV:max-instances` when it has more instances than may be expanded.
    func apply(to object: StoredCalendar, zones: ZoneResolver) throws(DAVError) -> Component {
        try apply(to: object.calendar, zones: zones, object.limits) { object.recurrences }
    }

    /// What is asked for of `calendar`.
    ///
    /// - Throws: 403 `CALDAV:max-instances` when it has more instances than may be expanded.
    func apply(
        to calendar: Component, zones: ZoneResolver, _ limits: RecurrenceLimits = RecurrenceLimits(),
        recurrences: (() -> RecurrenceSet)? = nil
    ) throws(DAVError) -> Component {
        var result = calendar
        if let range = expand {
            do {
                result = try result.expanded(
                    in: range, recurrences?() ?? RecurrenceSet(calendar, zones: zones, limits: limits))
            } catch {
                throw .tooManyInstances
            }
        } else if let range = limitRecurrenceSet {
            result = result.limitingRecurrenceSet(to: range, zones: zones, limits: limits)
        }
        if let range = limitFreeBusySet { result = result.limitingFreeBusySet(to: range, zones: zones) }
        return selection?.apply(to: result) ?? result
    }
}

extension CalendarServices {
    /// The bytes of an item, which must be UTF-8 to stand in XML.
    fileprivate func textBytes(of item: Item, _ resource: Resource) throws(DAVError) -> [UInt8] {
        let object = try stored(resource, item.version)
        guard object.isUTF8 else {
            throw DAVError(.internalServerError, details: "\(item.name) is not UTF-8")
        }
        return object.bytes
    }
}

extension DAVError {
    /// RFC 4791 §9.6.5.
    fileprivate static var tooManyInstances: DAVError {
        DAVError(.forbidden, violated: .calDAV("max-instances"), details: "more instances than the limit")
    }
}
