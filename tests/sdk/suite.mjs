// Runs functions as tests.

/** Runs every test, tells what came of each, and ends the program with its exit code. */
export async function run(tests) {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`node sdk: ${name} ok`);
    } catch (error) {
      failed += 1;
      console.log(`node sdk: ${name} FAILED`);
      console.error(error);
    }
  }
  console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
