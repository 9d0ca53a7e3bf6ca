/*
 * aim.c: the command line.  Finds services by names; asks none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "bulk/aim.h"
#include "bulk/line.h"
#include "setup/config.h"
#include "setup/service.h"

int
aims_add(struct aims *aims, const char *word, struct err *err)
{
	const char *sign = strchr(word, '=');
	struct aim_map *list;

	if (word[0] == '\0' || sign == word ||
	    (sign != NULL && sign[1] == '\0'))
		return err_set(err, 400, "usage", "--model needs the name of a "
		    "service or a model, or NAME=ID: lines that name NAME are "
		    "for ID");
	list = realloc(aims->list, (aims->n + 1) * sizeof(*list));
	if (list == NULL)
		fatal("bulk");
	aims->list = list;
	list[aims->n++] = (struct aim_map){ sign == NULL ? NULL : word,
	    sign == NULL ? 0 : (size_t)(sign - word),
	    sign == NULL ? word : sign + 1 };
	return 0;
}

void
aims_free(struct aims *aims)
{
	free(aims->list);
	*aims = (struct aims)AIMS_INIT;
}

/* What --model has in the place of a name, or else the name itself. */
static const char *
mapped(const struct aims *aims, const char *model)
{
	const struct aim_map *map;
	size_t i;

	for (i = 0; i < aims->n; i++) {
		map = &aims->list[i];
		if (map->from == NULL ? model == NULL : model != NULL &&
		    strlen(model) == map->from_len &&
		    memcmp(model, map->from, map->from_len) == 0)
			return map->to;
	}
	return model;
}

static bool
is_usable(const struct service *service)
{
	return service->why_not == NULL && !service_is_demo(service);
}

/* Adds the service if it has that model. */
static void
add_if_has(struct aim *aim, const struct service *service, const char *model)
{
	size_t i;

	for (i = 0; i < service->nmodels && aim->n < PLAN_ORDER_MAX; i++)
		if (strcmp(service->models[i], model) == 0) {
			aim->order[aim->n++] = service;
			aim->model = service->models[i];
			return;
		}
}

/* Says that nobody has a model, and what there is. */
static int
miss(const struct config *config, const char *model, struct line_fault *fault)
{
	struct buf names = BUF_INIT(100);
	const struct service *s;
	size_t i;

	for (i = 0; i < config->services.n; i++) {
		s = &config->services.list[i];
		if (is_usable(s))
			buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ",
			    s->id);
	}
	fault->code = "model_not_found";
	snprintf(fault->message, sizeof(fault->message), "no service that can "
	    "be used has \"%.40s\": add it to recipe.json, or map it by "
	    "--model NAME=ID%s%s", model, names.len == 0 ?
	    "; no service has a key" : "; services: ", names.data);
	buf_free(&names);
	return -1;
}

int
aim_find(const struct aims *aims, const struct config *config,
    const char *model, struct aim *aim, struct line_fault *fault)
{
	const struct services *services = &config->services;
	const char *name = mapped(aims, model);
	const struct service *named;
	size_t i;

	*aim = (struct aim){ .n = 0 };
	if (name == NULL) {
		fault->code = "model_missing";
		snprintf(fault->message, sizeof(fault->message), "the body "
		    "names no model: add \"model\", or say --model ID for all "
		    "lines without one");
		return -1;
	}
	named = services_find(services, name);
	if (named != NULL && is_usable(named)) {
		aim->order[aim->n++] = named;
		return 0;
	}
	for (i = 0; i < services->n; i++)
		if (is_usable(&services->list[i]))
			add_if_has(aim, &services->list[i], name);
	return aim->n > 0 ? 0 : miss(config, name, fault);
}
