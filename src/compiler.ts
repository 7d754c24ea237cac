// When V8 optimises what is run often. Its defaults suit programs that run for long: of a first pass, which takes a
// second, the optimising compiler took a third of the processor time, for each thread anew.
import { setFlagsFromString } from 'node:v8'

/**
 * To be called first; holds for all threads. A function is optimised after four times the work (Node 20), and takes less of
 * others into it: 15 % less processor time for 1.2 GB. What goes on running is optimised all the same.
 */
export function compileLess(): void {
  setFlagsFromString('--interrupt-budget=300000')
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=300')
}
