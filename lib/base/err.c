/*
 * err.c: any process.  An error as a value; knows nothing of what went wrong.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

int
err_set(struct err *err, int status, const char *code, const char *fmt, ...)
{
	va_list ap;

	err->status = status;
	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}
