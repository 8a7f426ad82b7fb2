#pragma once
// GMime's classes, of which Swift sees neither the casts nor the checks.
#include <gmime/gmime.h>

static inline gboolean shim_is_multipart(GMimeObject *object) { return GMIME_IS_MULTIPART(object); }
static inline gboolean shim_is_part(GMimeObject *object) { return GMIME_IS_PART(object); }
static inline gboolean shim_is_text_part(GMimeObject *object) { return GMIME_IS_TEXT_PART(object); }
static inline GMimeMessage *shim_message_inside(GMimeObject *object) {
    return GMIME_IS_MESSAGE_PART(object) ? g_mime_message_part_get_message((GMimeMessagePart *)object) : NULL;
}
static inline GMimeMultipart *shim_multipart(GMimeObject *object) { return (GMimeMultipart *)object; }
static inline GMimePart *shim_part(GMimeObject *object) { return (GMimePart *)object; }
static inline GMimeTextPart *shim_text_part(GMimeObject *object) { return (GMimeTextPart *)object; }
static inline GMimeObject *shim_object(void *any) { return (GMimeObject *)any; }
static inline GMimeStream *shim_memory_stream(const char *bytes, size_t count) {
    return g_mime_stream_mem_new_with_buffer(bytes, count);
}
/// The bytes of a memory stream, which keeps them.
static inline GByteArray *shim_bytes(GMimeStream *stream) {
    return g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
}
static inline gboolean shim_is_mailbox(InternetAddress *address) { return INTERNET_ADDRESS_IS_MAILBOX(address); }
static inline const char *shim_address(InternetAddress *address) {
    return internet_address_mailbox_get_idn_addr((InternetAddressMailbox *)address);
}
static inline InternetAddressList *shim_members(InternetAddress *address) {
    return INTERNET_ADDRESS_IS_GROUP(address)
        ? internet_address_group_get_members((InternetAddressGroup *)address) : NULL;
}
static inline void shim_unref(void *object) { g_object_unref(object); }
