/*
 * check_files: files of an application that do not do what their author may
 * think.
 *
 * It warns of
 *	- PART.system.txt, demo/PART.txt, and, if no stage runs a program that
 *	  might read it, PART.txt, of which there is no such part;
 *	- demo/PART.txt of a part that no demo writes;
 *	- a template without any text.
 */
#ifndef CHECK_FILES_H
#define CHECK_FILES_H

#include <stddef.h>

struct graph;

/*
 * Prints a line for each warning, with the file and what to do.  Returns how
 * many there are.
 */
size_t	check_files(const struct graph *graph);

#endif
