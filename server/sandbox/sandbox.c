/* sandbox -- see sandbox.h. */
#include "sandbox/sandbox.h"

#include "base/slog.h"

#ifdef ENRUM_SANDBOX_OFF

bool sandbox_enter(enum sandbox_program program)
{
    (void)program;
    slog(SLOG_WARN, "sandbox_off", slog_str("why", "this build is for tests"));
    return true;
}

#else

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum { HOST = SANDBOX_HOST, KEEPER = SANDBOX_KEEPER, BOTH = HOST | KEEPER };

static const struct rule {
    int call;
    unsigned programs;
    bool kills;
} rules[] = {
#define ALLOW(programs, name) {SCMP_SYS(name), programs, false},
#define KILL(name) {SCMP_SYS(name), BOTH, true},
#include "sandbox/sandbox.def"
#undef ALLOW
#undef KILL
};

static int rules_add(scmp_filter_ctx filter, enum sandbox_program program)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof rules / sizeof rules[0]; i++) {
        if ((rules[i].programs & (unsigned)program) != 0) {
            uint32_t action = rules[i].kills ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW;
            result = seccomp_rule_add(filter, action, rules[i].call, 0);
        }
    }
    return result;
}

/* Whoever connects needs sockets, but neither raw packets nor the kernel's own families. */
static int sockets_add(scmp_filter_ctx filter)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX};
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof families / sizeof families[0]; i++) {
        struct scmp_arg_cmp family = SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX,
                                             (scmp_datum_t)families[i]);
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, family);
    }
    return result;
}

/* clone3 is not listed: its flags lie in memory, where a filter cannot read them. */
static int bounded_rules_add(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
    struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, thread);
    if (result == 0) {
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code);
    }
    if (result == 0) {
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code);
    }
    return result;
}

static int filter_load(scmp_filter_ctx filter, enum sandbox_program program)
{
    int result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (result == 0) {
        result = rules_add(filter, program);
    }
    if (result == 0) {
        result = bounded_rules_add(filter);
    }
    if (result == 0 && program == SANDBOX_KEEPER) {
        result = sockets_add(filter);
    }
    return result == 0 ? seccomp_load(filter) : result;
}

static size_t calls_count(enum sandbox_program program)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        count += !rules[i].kills && (rules[i].programs & (unsigned)program) != 0;
    }
    return count;
}

bool sandbox_enter(enum sandbox_program program)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    int result = filter == NULL ? -ENOMEM : filter_load(filter, program);
    if (filter != NULL) {
        seccomp_release(filter);
    }
    if (result != 0) {
        slog(SLOG_ERROR, "sandbox_failed", slog_errno("err", -result));
        return false;
    }
    slog(SLOG_INFO, "sandbox", slog_u64("calls", calls_count(program)));
    return true;
}

#endif
