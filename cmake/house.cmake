# The house: which folder is which library, and what each may use. The only copy: the build makes its
# targets from these rows, and tests/tidy/run checks every #include against them.

# target | folder | kind | own libraries it may use | foreign libraries it may use
#
# A library's target is made of all *.c files of the folder. A program's target is made of the folder's
# main.c; its other files become the library <target>_parts, so that tests can link them.
set(HOUSE
    "base         | server/base       | library | -                                   | sodium threads"
    "protocol     | protocol          | library | base                                | sodium crypto msgpack"
    "journal      | server/journal    | library | protocol base                       | -"
    "schema       | server/schema     | library | base                                | sqlite3"
    "store        | server/store      | library | schema journal protocol base        | sqlite3 threads"
    "call         | server/call       | library | protocol base                       | -"
    "gate         | server/gate       | library | protocol base                       | websockets ev ssl crypto sodium"
    "relay        | server/relay      | library | base                                | srtp ssl crypto sodium threads"
    "sandbox      | server/sandbox    | library | base                                | seccomp"
    "enrumd       | server            | program | gate relay call journal store sandbox protocol base | jansson threads ev"
    "enrum        | client-sdk/c      | library | schema protocol base                | sqlite3 websockets ssl crypto jansson threads"
    "enrum-keeper | client-sdk/keeper | program | enrum sandbox protocol base         | curl rhonabwy jansson sqlite3 threads"
    "enrum-cli    | client-sdk/cli    | program | enrum protocol base                 | jansson")

# Programs whose file is not named as their target ("enrum" is already the library).
set(HOUSE_PROGRAM_NAMES
    "enrum-cli | enrum")

# header (a glob) | where it may be included (folders, or globs of files)
set(HOUSE_HEADERS
    "libwebsockets.h | server/gate client-sdk/c/socket.c"
    "sqlite3.h       | server/schema server/store tests/unit/schema tests/unit/store tests/unit/enrum client-sdk/c/*store*.c tests/bench tests/fault tests/ladder tests/fuzz"
    "msgpack*        | protocol"
    "curl/*          | client-sdk/keeper/oidc*.c client-sdk/keeper/mailsend.c"
    "rhonabwy.h      | client-sdk/keeper/oidc*.c tests/unit/keeper"
    "ev.h            | server/gate server/main.c tests/unit/gate"
    "sodium.h        | protocol server/base server/gate server/relay client-sdk/keeper/keyfile.c tests"
    "openssl/*       | protocol server/base server/gate server/relay client-sdk/c/socket.c tests"
    "srtp2/*         | server/relay/srtp.c tests/unit/relay tests/bench"
    "seccomp.h       | server/sandbox"
    "jansson.h       | server client-sdk/c client-sdk/keeper client-sdk/cli tests")
