// Every way of hosting by Apache: see tests/lib/hosts.mjs and behaviours.mjs.

import { testHosts } from '../lib/matrix.mjs';

testHosts('Apache');
