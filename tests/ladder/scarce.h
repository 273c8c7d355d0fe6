/* scarce -- memory that runs out at the n-th question for it. The linker gives this file all calls
 * of our own code (--wrap); SQLite, OpenSSL and jansson are told to ask here too, each counted by
 * itself. Outside of a scarcity nothing fails, and what is not freed is counted always. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum scarce_whose { SCARCE_OURS, SCARCE_SQLITE, SCARCE_OPENSSL, SCARCE_JANSSON, SCARCE_COUNT };

/* Before anything else of the process. */
void scarce_install(void);
/* From now on the n-th question of this asker fails: that one, or it and all behind it. */
void scarce_begin(enum scarce_whose whose, uint64_t nth, bool is_for_good);
/* There is enough again. True: something has failed. */
bool scarce_end(void);
/* Nothing fails, and nothing is counted as a question, while the test itself asks. */
void scarce_pause(void);
void scarce_resume(void);
/* Blocks that our own code, and code that we told to ask here, has not given back. */
size_t scarce_live(enum scarce_whose whose);

const char *scarce_name(enum scarce_whose whose);
