/* sandbox -- see sandbox.h. */
#include "sandbox.h"

#include "base/slog.h"

#ifdef ENRUM_SANDBOX_OFF

bool sandbox_enter(void)
{
    slog(SLOG_WARN, "sandbox_off", slog_str("why", "this build is for tests"));
    return true;
}

#else

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>

static const int allowed[] = {
#define ALLOW(name) SCMP_SYS(name),
#define KILL(name)
#include "sandbox.def"
#undef ALLOW
#undef KILL
};

static const int killing[] = {
#define ALLOW(name)
#define KILL(name) SCMP_SYS(name),
#include "sandbox.def"
#undef ALLOW
#undef KILL
};

static int rules_add(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        result = seccomp_rule_add(filter, action, calls[i], 0);
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

static int filter_load(scmp_filter_ctx filter)
{
    int result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (result == 0) {
        result = rules_add(filter, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof allowed[0]);
    }
    if (result == 0) {
        result = rules_add(filter, SCMP_ACT_KILL_PROCESS, killing,
                           sizeof killing / sizeof killing[0]);
    }
    if (result == 0) {
        result = bounded_rules_add(filter);
    }
    return result == 0 ? seccomp_load(filter) : result;
}

bool sandbox_enter(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    int result = filter == NULL ? -ENOMEM : filter_load(filter);
    if (filter != NULL) {
        seccomp_release(filter);
    }
    if (result != 0) {
        slog(SLOG_ERROR, "sandbox_failed", slog_errno("err", -result));
        return false;
    }
    slog(SLOG_INFO, "sandbox", slog_u64("calls", sizeof allowed / sizeof allowed[0]));
    return true;
}

#endif
