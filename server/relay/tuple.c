/* tuple -- see tuple.h. */
#include "relay/tuple.h"

#include <arpa/inet.h>
#include <string.h>

bool tuple_of(const struct sockaddr_storage *address, struct tuple *out)
{
    *out = (struct tuple){.family = address->ss_family};
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        memcpy(out->ip, &in->sin_addr, sizeof in->sin_addr);
        out->port = ntohs(in->sin_port);
        return true;
    }
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)address;
        memcpy(out->ip, &in->sin6_addr, sizeof in->sin6_addr);
        out->port = ntohs(in->sin6_port);
        return true;
    }
    return false;
}

socklen_t tuple_address(const struct tuple *tuple, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (tuple->family == AF_INET) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons(tuple->port);
        memcpy(&in->sin_addr, tuple->ip, sizeof in->sin_addr);
        return sizeof *in;
    }
    struct sockaddr_in6 *in = (struct sockaddr_in6 *)out;
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(tuple->port);
    memcpy(&in->sin6_addr, tuple->ip, sizeof in->sin6_addr);
    return sizeof *in;
}

bool tuple_equal(const struct tuple *a, const struct tuple *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}
