#pragma once
// zlib in whole pieces, without its macros and its record of state.
#include <stdlib.h>
#include <zlib.h>

// A compressor that is used again and again; NULL when there is no memory.
static inline z_stream *shim_deflater(int level) {
    z_stream *stream = (z_stream *)calloc(1, sizeof *stream);
    if (stream && deflateInit(stream, level) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

static inline void shim_deflater_free(z_stream *stream) {
    deflateEnd(stream);
    free(stream);
}

static inline size_t shim_deflate_bound(z_stream *stream, size_t count) { return deflateBound(stream, count); }

// Compresses `count` bytes into a zlib stream; returns its size, 0 when `capacity` was too small.
static inline size_t shim_deflate(
    z_stream *stream, const unsigned char *bytes, size_t count, unsigned char *into, size_t capacity
) {
    if (count > 0x7fffffff || capacity > 0xffffffff || deflateReset(stream) != Z_OK) return 0;
    stream->next_in = (unsigned char *)bytes;
    stream->avail_in = (unsigned)count;
    stream->next_out = into;
    stream->avail_out = (unsigned)capacity;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? (size_t)stream->total_out : 0;
}

static inline unsigned shim_crc32(const unsigned char *bytes, size_t count) {
    return (unsigned)crc32_z(0, bytes, count);
}

// Expands the zlib stream at `bytes` to at most `capacity` bytes. Returns 1 when the stream ended, 0 when there is more
// than that, -1 when it is damaged; `made` and `used` become the bytes that came out and that were read.
static inline int shim_inflate(
    const unsigned char *bytes, size_t count, unsigned char *into, size_t capacity, size_t *made, size_t *used
) {
    z_stream stream = {0};
    *made = *used = 0;
    if (count > 0x7fffffff || capacity > 0x7fffffff || inflateInit(&stream) != Z_OK) return -1;
    stream.next_in = (unsigned char *)bytes;
    stream.avail_in = (unsigned)count;
    stream.next_out = into;
    stream.avail_out = (unsigned)capacity;
    int code = inflate(&stream, Z_FINISH);
    *made = (size_t)stream.total_out;
    *used = (size_t)stream.total_in;
    inflateEnd(&stream);
    if (code == Z_STREAM_END) return 1;
    return code == Z_BUF_ERROR || code == Z_OK ? stream.avail_out == 0 ? 0 : -1 : -1;
}
