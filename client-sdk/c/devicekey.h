/* devicekey -- the file device.key: the secret halves of this device's two key pairs, in the
 * owner's folder (mode 0600) and under no other protection. */
#pragma once

#include "home.h"
#include "protocol/suite.h"

/* Reads the file, or makes keys and writes it when there is none. Errors: FILE_FAILED,
 * MALFORMED. */
enum enrum_err devicekey_open(const struct home *home, struct sign_pair *sign,
                              struct seal_pair *seal);
void devicekey_remove(const struct home *home);
