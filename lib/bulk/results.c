#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "bulk/ids.h"
#include "bulk/results.h"
int results_open(struct results *r, const char *path, struct ids *ids, bool retry, struct err *err)
{ char p[4096]; (void)ids; (void)retry; (void)err;
  buf_init(&r->good.out, 1<<28); buf_init(&r->bad.out, 1<<28);
  r->good.fd = strcmp(path, "-") == 0 ? 1 : open(path, O_RDWR|O_CREAT|O_APPEND, 0644);
  snprintf(p, sizeof p, "%s.errors.jsonl", path);
  r->bad.fd = open(p, O_RDWR|O_CREAT|O_APPEND, 0644); return 0; }
void results_put(struct results *r, bool bad, const char *l, size_t n)
{ struct results_file *f = bad ? &r->bad : &r->good; buf_add(&f->out, l, n); buf_putc(&f->out, '\n'); }
int results_flush(struct results *r, struct err *err)
{ (void)err; if (r->good.out.len) { if (write(r->good.fd, r->good.out.data, r->good.out.len) < 0) return -1; buf_reset(&r->good.out); }
 if (r->bad.out.len) { if (write(r->bad.fd, r->bad.out.data, r->bad.out.len) < 0) return -1; buf_reset(&r->bad.out); } return 0; }
void results_close(struct results *r) { buf_free(&r->good.out); buf_free(&r->bad.out); }
