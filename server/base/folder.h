/* folder -- the names in a folder, put on the disk. A file's bytes may be there while its name is
 * not. It knows nothing of what the files hold. */
#pragma once

/* 0, or the errno. */
int folder_sync(const char *folder);
