// Every way of hosting by nginx: see tests/lib/hosts.mjs and behaviours.mjs.

import { testHosts } from '../lib/matrix.mjs';

testHosts('nginx');
