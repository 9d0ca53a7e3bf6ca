/*
 * fixture_run: a run in which each part has a stage.
 */
#ifndef FIXTURE_RUN_H
#define FIXTURE_RUN_H

#include "run/part.h"
#include "fixture_world.h"

#define DONE "{\"finish\":\"stop\",\"in\":10,\"out\":5,\"estimated\":false}"
#define CUT "{\"finish\":\"length\",\"in\":1,\"out\":2,\"estimated\":true}"

static inline void
open_all(struct world *w, const char *dir)
{
	size_t i;

	world_open(w, dir, world_services, 1);
	world_begin(w, true);
	for (i = 0; i < PARTS; i++)
		if (i != REST)
			world_give(w, i);
}

static inline enum part_state
state_of(const struct world *w, size_t i)
{
	return w->run.parts[i].state;
}

#endif
