// SPDX-License-Identifier: Apache-2.0
// Opening a catalogue for the commands that read it.
#ifndef ZT_CONSUMERS_ZT_CATALOGUE_READ_H
#define ZT_CONSUMERS_ZT_CATALOGUE_READ_H

#include "catalogue/catalogue.h"
#include "consumers/zt/cli.h"

extern const struct zt_option zt_catalogue_options[]; // dir, parties

// --dir, or the folder that the profile names. ZT_EXIT_YES, or what is wrong has been said (the first fault,
// and how to see them all).
enum zt_exit zt_catalogue_read(const struct zt_cli *cli, const struct zt_args *args,
                               struct zt_catalogue **catalogue);
enum zt_exit zt_catalogue_read_dir(const struct zt_cli *cli, const char *dir, const char *parties,
                                   struct zt_catalogue **catalogue);

#endif
