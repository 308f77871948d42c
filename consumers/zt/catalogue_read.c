// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/catalogue_read.h"

#include <stdio.h>

#include "consumers/client.h"

const struct zt_option zt_catalogue_options[] = {
    {"dir", "DIR", "the catalogue (default: the profile's)", false},
    {"parties", "DIR", "with the parties and grants of this installation", false},
    {NULL, NULL, NULL, false},
};

enum zt_exit zt_catalogue_read_dir(const struct zt_cli *cli, const char *dir, const char *parties,
                                   struct zt_catalogue **catalogue)
{
    struct zt_faults faults = {.count = 0};
    enum zt_exit status = ZT_EXIT_YES;
    if (zt_catalogue_load(dir, parties, catalogue, &faults) != ZT_OK) {
        struct zt_fault none = {ZT_E_NOMEM, "catalogue.load", "", "no memory to load the catalogue"};
        status = zt_fail(cli, faults.count ? &faults.list[0] : &none);
        if (faults.count > 1 && !cli->json)
            fprintf(stderr, "zt: and %zu more: zt catalogue check %s\n", faults.count - 1, dir);
    }
    zt_faults_fini(&faults);
    return status;
}

enum zt_exit zt_catalogue_read(const struct zt_cli *cli, const struct zt_args *args,
                               struct zt_catalogue **catalogue)
{
    const char *dir = zt_arg(args, "dir"), *parties = zt_arg(args, "parties");
    struct zt_profile *profile = NULL;
    struct zt_fault fault = {.rule = ""};
    if (dir)
        return zt_catalogue_read_dir(cli, dir, parties, catalogue);
    if (!cli->profile)
        return zt_usage(args, "which catalogue? --dir DIR, or a profile that names one");
    if (zt_profile_load(cli->profile, &profile, &fault) != ZT_OK)
        return zt_fail(cli, &fault);
    enum zt_exit status = profile->catalogue
                              ? zt_catalogue_read_dir(cli, profile->catalogue, parties, catalogue)
                              : zt_usage(args, "the profile names no catalogue; give --dir DIR");
    zt_profile_free(&profile);
    return status;
}
