// A leak planted in a stage is seen: without this, `make asan` passing would
// prove nothing about processes that end in _exit. The plant is a library put
// before libcurl, whose curl_multi_perform, called in stages alone, loses memory.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assert, proc, run, scene, test, underAsan, waitFor } from '../lib/harness.mjs';

const PLANT = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
int curl_multi_perform(void *handle, int *running)
{
	int (*real)(void *, int *) = (int (*)(void *, int *))dlsym(RTLD_NEXT, "curl_multi_perform");
	for (int i = 0; i < 10; i++)
		memset(malloc(1234), 'x', 1234);
	return real(handle, running);
}
`;

function plant(t) {
  const dir = fs.mkdtempSync(path.join(tmpdir(), 'recipe-leak-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  fs.writeFileSync(path.join(dir, 'plant.c'), PLANT);
  const library = path.join(dir, 'plant.so');
  execFileSync('cc', ['-O0', '-shared', '-fPIC', '-o', library, path.join(dir, 'plant.c'), '-ldl']);
  return library;
}

for (const stage_requests of [0, 1]) {
  test(`a leak in a stage is reported, stage_requests ${stage_requests}`, async (t) => {
    if (!(await underAsan())) return t.skip('this build does not look for leaks');
    const env = {
      LD_PRELOAD: plant(t),
      ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:detect_leaks=1:verify_asan_link_order=0`,
    };
    return scene({ server: 'listen', env, limits: { stage_requests }, stop: { sanitizer: 'expected' } }, async ({ site, provider }) => {
      provider.auto();
      const r = await run(site);
      assert.equal(r.stateOf('ste'), 'done');
      proc.kill(site.tree().listener, 'SIGTERM');
      await waitFor(() => site.ours().length === 0, 'all to leave');
      assert.match(await site.stderr(), /LeakSanitizer[^]*curl_multi_perform/);
    })(t);
  });
}
