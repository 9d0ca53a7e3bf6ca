// Runs in every document before its own scripts: not every engine tells a driver
// what the policy of the page has forbidden.
document.addEventListener('securitypolicyviolation', (e) => {
  console.error(`CSP: ${e.effectiveDirective} ${e.blockedURI}`);
});
