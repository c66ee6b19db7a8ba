// graphql-sse over Node's own http, as its documentation shows it. Argument: the port.
// The subscription `numbers` gives five numbers and ends.
import { createServer } from 'node:http';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { hello: { type: GraphQLString, resolve: () => 'world' } },
  }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      numbers: {
        type: GraphQLInt,
        async *subscribe() {
          for (let number = 1; number <= 5; number += 1) {
            yield { numbers: number };
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        },
      },
    },
  }),
});
createServer(createHandler({ schema })).listen(Number(process.argv[2]), '127.0.0.1');
