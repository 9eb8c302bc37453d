// The application of the image 'real': one program for python and one for node, each loading what such programs load.

/** Prints `python ready`. */
export const mainPy = `import argparse, asyncio, collections, datetime, decimal, email.message, hashlib
import http.client, http.server, json, logging, os, pathlib, random, re, sqlite3, ssl, subprocess
import tempfile, threading, urllib.request, uuid, xml.etree.ElementTree, zipfile
import yaml

connection = sqlite3.connect(':memory:')
connection.execute('create table numbers (value integer)')
connection.executemany('insert into numbers values (?)', [(n,) for n in range(1000)])
total = connection.execute('select sum(value) from numbers').fetchone()[0]
assert total == 499500
assert yaml.safe_load('a: [1, 2]') == {'a': [1, 2]}
print('python ready', flush=True)
`;

/** Prints `node ready`. */
export const mainJs = `const ts = require('typescript');
const webpack = require('webpack');
const babel = require('@babel/core');
const express = require('express');
const lodash = require('lodash');
const { renderToString } = require('react-dom/server');
const { createElement } = require('react');
const { format } = require('date-fns');

const source = 'const a: number = 1; export { a };';
const typed = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
if (!typed.outputText.includes('exports.a')) throw new Error('typescript');
const presets = [require.resolve('@babel/preset-env')];
const plain = babel.transformSync('const b = () => 1 ?? 2;', { presets, babelrc: false, configFile: false });
if (plain.code.includes('=>')) throw new Error('babel');
if (renderToString(createElement('p', null, 'x')) !== '<p>x</p>') throw new Error('react');
if (lodash.chunk([1, 2, 3], 2).length !== 2 || typeof express() !== 'function') throw new Error('lodash');
if (typeof webpack !== 'function' || format(new Date(0), 'yyyy').length !== 4) throw new Error('webpack');
console.log('node ready');
`;
