// The library wants this one loaded before it.
import 'reflect-metadata';

export * from '@peculiar/x509';
