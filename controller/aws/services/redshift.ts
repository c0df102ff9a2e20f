export { CreateTagsCommand, DescribeClustersCommand, RedshiftClient } from "@aws-sdk/client-redshift";
