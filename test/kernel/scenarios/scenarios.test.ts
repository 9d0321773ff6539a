/** The scenarios for the real kernels: each parses, has a name of its own, and runs a module that is there. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../server/src/simulation/scenario/parse.ts';
import { kernelScenarios } from './index.ts';

const drivers = new URL('../drivers/', import.meta.url);

describe('scenarios for the real kernel', () => {
  const scenarios = kernelScenarios();

  it('are made the same each time, with names of their own', () => {
    expect(kernelScenarios()).toEqual(scenarios);
    expect(new Set(scenarios.map(({ module, name }) => `${module} ${name}`)).size).toBe(scenarios.length);
    expect(scenarios.filter(({ name }) => !/^[a-z][a-z0-9-]*$/.test(name))).toEqual([]);
  });

  it('are many, about every module', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(800);
    const modules = readdirSync(drivers).filter((name) => name.endsWith('.c'));
    expect(modules.length).toBeGreaterThanOrEqual(45);
    expect(modules.filter((file) => !scenarios.some(({ module }) => `${module}.c` === file))).toEqual([]);
    expect(scenarios.filter(({ module }) => !existsSync(new URL(`${module}.c`, drivers)))).toEqual([]);
  });

  it('are texts of the scenario language', () => {
    const problems = scenarios.flatMap(({ module, name, text }) =>
      parseScenario(text).problems.map(({ message }) => `${module} ${name}: ${message}`),
    );
    expect(problems).toEqual([]);
  });
});
