/* code -- printed codes: how one is made, read as people type it, and kept.
 * Four groups of four symbols without the letters that look like digits (Crockford's base 32): the
 * first group finds the code in the register, the other sixty bits are the secret. Pure. */
#pragma once

#include "base/secret.h"
#include "enrum.h"

enum { CODE_SYMBOLS = 16, CODE_PLACE = 4, CODE_PRINTED = 20 };

struct code {
    char symbols[CODE_SYMBOLS + 1];
};

void code_make(struct code *out);
/* Spaces, dashes and case do not count; O is 0, I and L are 1. False when it is no code. */
bool code_read(struct slice typed, struct code *out);
void code_print(const struct code *code, char out[CODE_PRINTED]);
/* What the register keeps: whoever reads it cannot try codes without the board's secret. */
void code_mac(const struct code *code, const struct secret32 *board_secret, struct id *out);
