/* usage -- see usage.h. */
#include "usage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROCESSES_MAX = 32768, STATE_FIELD = 2 };

struct process {
    pid_t pid, parent;
    uint64_t ticks;
    int counts;
};

/* Fields of /proc/PID/stat behind the name, which may hold anything: state, ppid, ... utime stime
 * cutime cstime are the 12th to 15th of them. */
static int process_read(pid_t pid, struct process *out)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    char *at = strrchr(text, ')');
    *out = (struct process){.pid = pid};
    for (int field = 1; at != NULL && field <= 15; field++) {
        at = strchr(at + 1, ' ');
        if (at != NULL && field == STATE_FIELD) {
            out->parent = (pid_t)strtol(at, NULL, 10);
        } else if (at != NULL && field >= 12) {
            out->ticks += strtoull(at, NULL, 10);
        }
    }
    return at != NULL;
}

static size_t processes_list(struct process *out)
{
    size_t count = 0;
    DIR *folder = opendir("/proc");
    struct dirent *item;
    while (folder != NULL && count < PROCESSES_MAX && (item = readdir(folder)) != NULL) {
        char *end;
        long pid = strtol(item->d_name, &end, 10);
        if (*end == '\0' && pid > 0 && process_read((pid_t)pid, &out[count])) {
            count++;
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

static int counts(const struct process *list, size_t count, pid_t pid)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].pid == pid) {
            return list[i].counts;
        }
    }
    return 0;
}

static void memory_add(pid_t pid, struct usage *out)
{
    char path[64], text[256];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(text, sizeof text, file) != NULL) {
        out->rss_kb += strncmp(text, "Rss:", 4) == 0 ? strtoull(text + 4, NULL, 10) : 0;
        out->pss_kb += strncmp(text, "Pss:", 4) == 0 ? strtoull(text + 4, NULL, 10) : 0;
    }
    if (file != NULL) {
        fclose(file);
    }
}

/* Marks the processes and all below them; a pass that marks nothing new is the last. */
static void families_mark(struct process *list, size_t count, const pid_t servers[SERVERS_MAX])
{
    int has_changed = 1;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < SERVERS_MAX; k++) {
            list[i].counts = list[i].counts || list[i].pid == servers[k];
        }
    }
    while (has_changed) {
        has_changed = 0;
        for (size_t i = 0; i < count; i++) {
            if (!list[i].counts && counts(list, count, list[i].parent)) {
                list[i].counts = has_changed = 1;
            }
        }
    }
}

void usage_read(const pid_t servers[SERVERS_MAX], int with_memory, struct usage *out)
{
    static struct process list[PROCESSES_MAX];
    *out = (struct usage){0};
    size_t count = servers[0] > 0 ? processes_list(list) : 0;
    families_mark(list, count, servers);
    for (size_t i = 0; i < count; i++) {
        if (list[i].counts) {
            out->cpu_s += (double)list[i].ticks / (double)sysconf(_SC_CLK_TCK);
            out->processes++;
            if (with_memory) {
                memory_add(list[i].pid, out);
            }
        }
    }
}
